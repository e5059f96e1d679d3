"""Flask and Celery extensions, made here unbound and bound to the app in one place, ``app.py``."""

from typing import cast

from celery import Celery
from flask import current_app
from flask_alembic import Alembic
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

from leadgen.config import Settings
from leadgen.models import Base

db = SQLAlchemy()
alembic = Alembic(metadatas=Base.metadata, command_name="")
csrf = CSRFProtect()
security = Security()
bootstrap = Bootstrap5()
compress = Compress()
limiter = Limiter(get_remote_address)
celery = Celery("leadgen", set_as_current=False)


def current_settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.extensions["leadgen.settings"])
