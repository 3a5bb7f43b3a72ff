// npm's listenbrainz: submissions with a user's token.
import listenbrainz from "listenbrainz";

const { Client } = listenbrainz;

// The status, or the refusal as the client throws it.
export async function submit({ token, listens, kind }) {
  try {
    return await new Client(token).submitListen({ listen_type: kind, payload: listens });
  } catch (refused) {
    return { refused };
  }
}
