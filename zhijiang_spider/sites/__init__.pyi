from .errors import SiteError as SiteError
from .profile_sources import site_names as site_names
from .site import Site as Site
from .site import load_site as load_site
from .site import parse_site as parse_site
