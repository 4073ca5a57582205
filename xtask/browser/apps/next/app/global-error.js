"use client";

export default function GlobalFailure({ reset }) {
  return (
    <html lang="en">
      <body>
        <button onClick={() => reset()}>Everything broke: try again</button>
      </body>
    </html>
  );
}
