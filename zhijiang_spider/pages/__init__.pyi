from .article.extract import explain_article as explain_article
from .article.extract import extract_article as extract_article
from .checks import says_gone as says_gone
from .errors import LayoutChanged as LayoutChanged
from .lists.section import extract_section_page as extract_section_page
from .page import Page as Page
