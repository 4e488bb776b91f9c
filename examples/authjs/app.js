import { randomBytes } from 'node:crypto';
import { ExpressAuth, getSession } from '@auth/express';
import express from 'express';

const { ISSUER, CLIENT_SECRET, APP_URL } = process.env;

const config = {
  basePath: '/auth',
  // Of the session cookie. Keep it between restarts in a real application.
  secret: randomBytes(32).toString('hex'),
  trustHost: true,
  providers: [
    {
      id: 'smart-id',
      name: 'Smart-ID',
      type: 'oidc',
      issuer: ISSUER,
      clientId: 'authjs',
      clientSecret: CLIENT_SECRET,
      authorization: { params: { scope: 'openid profile identity' } },
      // The default is PKCE alone. State and nonce bind the answer to this browser as well.
      checks: ['pkce', 'state', 'nonce'],
      // There is no e-mail: the subject is the key of the account.
      profile: ({ sub, name }) => ({ id: sub, name }),
    },
  ],
  callbacks: {
    // Without an adapter the library makes a random ID for each login; the subject is in providerAccountId.
    jwt: ({ token, account }) => (account ? { ...token, subject: account.providerAccountId } : token),
    session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.subject } }),
  },
};

const app = express();
app.use('/auth', ExpressAuth(config));

app.get('/', async (request, response) => {
  const session = await getSession(request, config);
  if (!session) return response.send('<a href="/auth/signin">Log in</a>');
  response.type('text').send(`${session.user.id} ${session.user.name}`);
});

app.listen(Number(new URL(APP_URL).port));
