import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Game } from "./game.js";
import "./page.css";

/** The board's name stands in the page's address, so that it can be shared. */
function App() {
  const [game, setGame] = useState(() => new URLSearchParams(location.hash.slice(1)).get("board") || "lobby");
  const open = (form: FormData) => {
    const board = String(form.get("board")) || "lobby";
    history.replaceState(null, "", `#${new URLSearchParams({ board })}`);
    setGame(board);
  };
  return (
    <>
      <h1>Tic-tac-toe</h1>
      <form className="pick" action={open}>
        <label>
          Board <input name="board" key={game} defaultValue={game} maxLength={40} />
        </label>
        <button type="submit">Open</button>
      </form>
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
