"""`create_app`: the one place where the parts are joined."""

from celery import Celery, Task
from flask import Flask
from flask_security import FSQLALiteUserDatastore
from werkzeug.middleware.proxy_fix import ProxyFix

from leadgen import tasks, web
from leadgen.config import Mode, Settings, read_settings
from leadgen.core import create_core
from leadgen.delivery.dispatch import Dispatcher
from leadgen.extensions import babel, celery, compress, csrf, db, limiter, security
from leadgen.models import Role, User
from leadgen.vault import Vault

LANGUAGE = "en"
LARGEST_REQUEST_BYTES = 200_000


def create_app(settings: Settings | None = None) -> Flask:
    """An app bound to ``settings`` (read from the environment when not given), with every door open."""
    settings = settings or read_settings()
    app = create_core(settings)
    app.config.update(_flask_config(settings))
    _bind_celery(app, settings)
    vault = app.extensions["leadgen.vault"] = Vault.from_settings(settings)
    with app.app_context():
        app.extensions["leadgen.dispatcher"] = Dispatcher.from_settings(settings, db.sessionmaker, vault)
    _bind_security(app)
    for extension in (babel, csrf, compress, limiter):
        extension.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    web.register(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.mode is Mode.production,
        # with the prefix, no other host of the same domain can plant one
        "SESSION_COOKIE_NAME": "__Host-leadgen_session" if settings.mode is Mode.production else "leadgen_session",
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": LANGUAGE,
        # the forms' sentences are our own: loading a library's catalog for each form would only cost time
        "WTF_I18N_ENABLED": False,
        # zstd comes out in one block: a browser could not ask for the style of a page before all of it is there
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br", "deflate"],
        "COMPRESS_BR_LEVEL": 5,
        "RATELIMIT_ENABLED": settings.rate_limits,
        "RATELIMIT_STORAGE_URI": "memory://",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _bind_security(app: Flask) -> None:
    """Users, hashes and codes are the library's; the pages are ours (`leadgen.web.account`). Its own keep the state of
    a half-done sign-in in the cookie, take the site's name from the Host header, and slow nobody down."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of an algorithm
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
    )
    security.init_app(app, FSQLALiteUserDatastore(db, User, Role), register_blueprint=False)


def _bind_celery(app: Flask, settings: Settings) -> None:
    """Celery as a carrier of nudges: ids only, no results, every wait bounded (see README, decisions)."""

    class AppTask(Task):  # type: ignore[misc]
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery.Task = AppTask
    celery.conf.update(
        broker_url=settings.broker_url,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_time_limit=120,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 300,
            "socket_timeout": 3,
            "socket_connect_timeout": 2,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
        },
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
    )
    app.extensions["celery"] = celery
    tasks.register(celery)


def create_worker_app() -> Celery:
    """The Celery app with everything bound: what ``worker.py`` hands to the celery command."""
    app = create_app()
    bound: Celery = app.extensions["celery"]
    return bound
