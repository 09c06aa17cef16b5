from .server import demo_site as demo_site
from .server import serve as serve
