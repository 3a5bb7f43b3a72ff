import { TopSongs } from "@topk/elements/react";
import { useState } from "react";

import { follow, getToken, type Host } from "./host.ts";

/** Everybody's profile, one below the other. */
export function App({ host }: { readonly host: Host }) {
  return (
    <>
      <h1>Reef</h1>
      <nav>
        {Object.entries(host.people).map(([user, name]) => (
          <a key={user} href={`/sign-in?user=${user}`}>
            Sign in as {name}{" "}
          </a>
        ))}
      </nav>
      {host.user && Object.keys(host.people).map((user) => <Profile key={user} host={host} user={user} />)}
    </>
  );
}

function Profile({ host, user }: { readonly host: Host; readonly user: string }) {
  const [follows, setFollows] = useState(0);
  const own = user === host.user;
  return (
    <article>
      {own || (
        <button type="button" onClick={() => void follow(user).then(() => setFollows(follows + 1))}>
          Follow {host.people[user]}
        </button>
      )}
      <TopSongs
        key={follows}
        api={host.api}
        {...(own ? {} : { user })}
        heading={`${host.people[user] ?? ""}’s week`}
        signedIn
        getToken={getToken}
        onList={(event) => console.log(event.detail.songs)}
      />
    </article>
  );
}
