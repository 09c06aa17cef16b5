from .formats import known_formats as known_formats
from .selection import ArticleStream as ArticleStream
from .selection import Selection as Selection
from .selection import read_articles as read_articles
