// lastfm-ts-api: a session for a password, scrobbles, and the scrobbles of the user, in JSON.
import { LastFMAuth, LastFMTrack, LastFMUser } from "lastfm-ts-api";

export async function play({ app, user, password, tracks }) {
  const { api_key: key, api_secret: secret } = app;
  const { session } = await new LastFMAuth(key, secret).getMobileSession({
    username: user,
    password,
  });
  const scrobbler = new LastFMTrack(key, secret, session.key);
  const playing = await scrobbler.updateNowPlaying({
    artist: tracks[0].artist,
    track: tracks[0].track,
  });
  const one = await scrobbler.scrobble(tracks[0]);
  const many = await scrobbler.scrobbleMany(tracks);
  return { name: session.name, playing, one, many };
}

// The refusal as the client rejects with it.
export async function refused({ app, user, password }) {
  try {
    return await new LastFMAuth(app.api_key, app.api_secret).getMobileSession({
      username: user,
      password,
    });
  } catch (error) {
    return { message: error.message, content: JSON.parse(error.content) };
  }
}
