import { auth } from '../auth.js';

export default async function Home() {
  const session = await auth();
  if (!session) return <a href="/api/auth/signin">Log in</a>;
  return <p>{`${session.user.id} ${session.user.name}`}</p>;
}
