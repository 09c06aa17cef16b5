from .app import RoomSettings as RoomSettings
from .app import create_app as create_app
from .server import opened as opened
