"""Flask and Celery extensions, made here unbound and bound to the app in one place, ``app.py``."""

from celery import Celery
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_wtf import CSRFProtect

from leadgen.core import alembic, current_settings, db

__all__ = [
    "alembic",
    "babel",
    "celery",
    "compress",
    "csrf",
    "current_settings",
    "db",
    "limiter",
    "security",
]

babel = Babel()
csrf = CSRFProtect()
security = Security()
compress = Compress()
limiter = Limiter(get_remote_address)
celery = Celery("leadgen", set_as_current=False)
