import { randomBytes } from 'node:crypto';
import express from 'express';
import { auth } from 'express-openid-connect';

const { ISSUER, CLIENT_SECRET, APP_URL } = process.env;
const app = express();

app.use(
  auth({
    issuerBaseURL: ISSUER,
    baseURL: APP_URL,
    clientID: 'express',
    clientSecret: CLIENT_SECRET,
    // Of the session cookie. Keep it between restarts in a real application.
    secret: randomBytes(32).toString('hex'),
    authRequired: false,
    // Logs out at Sild too, with the ID token as hint, so that Sild does not ask.
    idpLogout: true,
    // The default is the implicit flow, which Sild does not offer. With the code flow the library uses PKCE.
    authorizationParams: { response_type: 'code', scope: 'openid profile identity' },
    session: { cookie: { sameSite: 'Lax' } },
  }),
);

app.get('/', (request, response) => {
  if (!request.oidc.isAuthenticated()) return response.send('<a href="/login">Log in with Smart-ID</a>');
  const { sub, name } = request.oidc.user;
  response.type('text').send(`${sub} ${name}`);
});

// The person has cancelled, or the login was refused.
app.use((error, _request, response, _next) => {
  response
    .status(403)
    .type('text')
    .send(`Not logged in: ${error.error ?? 'the login could not be verified'}`);
});

app.listen(Number(new URL(APP_URL).port));
