import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The interop server as a process of its own. */
export class InteropServer {
  private readonly child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  /** `generation`: which side of schemas/skew it serves. */
  static async start(port = 0, generation: "old" | "new" = "new"): Promise<InteropServer> {
    const child = spawn("target/debug/interop", [`127.0.0.1:${port}`, generation], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
      // One test asks for a panic; its backtrace would look like a failure.
      env: { ...process.env, RUST_BACKTRACE: "0" },
    });
    const found = await new Promise<number>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the interop server stopped with ${code}`)));
    });
    return new InteropServer(child, found);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/socket`;
  }

  /** Ends it at once, without a goodbye. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  /** Lets it shut down in order. */
  async stop(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.stdin?.end();
    await gone;
  }
}
