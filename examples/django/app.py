"""A whole Django project in one file: settings, the backend, two views."""

import os
import secrets
import sys
from urllib.parse import urlencode, urlsplit

import django
from django.conf import settings

ISSUER = os.environ["ISSUER"]

settings.configure(
    # Keep it between restarts in a real application.
    SECRET_KEY=secrets.token_hex(32),
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE", "db.sqlite3")}},
    AUTHENTICATION_BACKENDS=[__name__ + ".SmartIdBackend"],
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL="/",
    LOGIN_REDIRECT_URL_FAILURE="/?failed",
    OIDC_RP_CLIENT_ID="django",
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_RP_SCOPES="openid profile identity",
    OIDC_OP_AUTHORIZATION_ENDPOINT=ISSUER + "/authorize",
    OIDC_OP_TOKEN_ENDPOINT=ISSUER + "/token",
    OIDC_OP_USER_ENDPOINT=ISSUER + "/userinfo",
    OIDC_OP_JWKS_ENDPOINT=ISSUER + "/jwks",
    # The default is HS256, with which Sild does not sign.
    OIDC_RP_SIGN_ALGO="RS256",
    # PKCE is off by default.
    OIDC_USE_PKCE=True,
    OIDC_STORE_ID_TOKEN=True,
    OIDC_OP_LOGOUT_URL_METHOD=__name__ + ".logout_url",
)
django.setup()

from django.contrib.auth import get_user_model
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import include, path
from mozilla_django_oidc.auth import OIDCAuthenticationBackend


class SmartIdBackend(OIDCAuthenticationBackend):
    """Users are found by their subject. The library's default is the e-mail address, which Smart-ID does not have."""

    def verify_claims(self, claims):
        return "sub" in claims

    def filter_users_by_claims(self, claims):
        return self.UserModel.objects.filter(username=claims["sub"])

    def create_user(self, claims):
        return self.update_user(self.UserModel(username=claims["sub"]), claims)

    def update_user(self, user, claims):
        user.first_name = claims["given_name"]
        user.last_name = claims["family_name"]
        user.set_unusable_password()
        user.save()
        return user


def logout_url(request):
    """With the ID token as hint, Sild does not ask."""
    parameters = {
        "id_token_hint": request.session.get("oidc_id_token", ""),
        "post_logout_redirect_uri": request.build_absolute_uri("/"),
    }
    return ISSUER + "/logout?" + urlencode(parameters)


def home(request):
    if not request.user.is_authenticated:
        return HttpResponse('<a href="/oidc/authenticate/">Log in with Smart-ID</a>')
    user = request.user
    count = get_user_model().objects.count()
    logout = '<form method="post" action="/oidc/logout/"><button>Log out</button></form>'
    return HttpResponse(f"{user.username} {user.get_full_name()}, users: {count} {logout}")


urlpatterns = [path("", home), path("oidc/", include("mozilla_django_oidc.urls"))]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "migrate", "--verbosity", "0"])
    port = urlsplit(os.environ["APP_URL"]).port
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"localhost:{port}"])
