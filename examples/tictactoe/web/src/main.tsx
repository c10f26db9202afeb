import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Game } from "./game.js";
import "./page.css";

/** The board's name is the page's hash, so that an address can be shared. */
function App() {
  const [game, setGame] = useState(() => decodeURIComponent(location.hash.slice(1)) || "lobby");
  const open = (name: string) => {
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    setGame(name);
  };
  return (
    <>
      <h1>Tic-tac-toe</h1>
      <label className="pick">
        Board <input value={game} maxLength={40} onChange={(e) => open(e.target.value)} aria-label="board" />
      </label>
      <Game key={game} game={game} />
    </>
  );
}

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
