import os
import secrets
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for

app = Flask(__name__)
# Of the session cookie. Keep it between restarts in a real application.
app.secret_key = secrets.token_hex(32)

smart_id = OAuth(app).register(
    "smart_id",
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_id="flask",
    client_secret=os.environ["CLIENT_SECRET"],
    # PKCE is off by default.
    client_kwargs={"scope": "openid profile identity", "code_challenge_method": "S256"},
)


@app.get("/")
def home():
    person = session.get("person")
    if person is None:
        return '<a href="/login">Log in with Smart-ID</a>'
    return f"{person['sub']} {person['name']}", {"content-type": "text/plain"}


@app.get("/login")
def login():
    return smart_id.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    # Checks state, nonce, PKCE, and the ID token: signature, issuer, audience, times.
    token = smart_id.authorize_access_token()
    session.clear()
    session["person"] = {name: token["userinfo"][name] for name in ("sub", "name")}
    return redirect("/")


@app.errorhandler(AuthlibBaseError)
def refused(error):
    """The person has cancelled, or the login was refused."""
    return f"Not logged in: {error.error}", 403, {"content-type": "text/plain"}


@app.get("/logout")
def logout():
    # Without the ID token, Sild asks: a session cookie of Flask can be read by its browser, and has no room for the token.
    session.clear()
    parameters = {"client_id": "flask", "post_logout_redirect_uri": url_for("home", _external=True)}
    return redirect(smart_id.load_server_metadata()["end_session_endpoint"] + "?" + urlencode(parameters))


if __name__ == "__main__":
    app.run(host="localhost", port=urlsplit(os.environ["APP_URL"]).port)
