"use client";

import { useState } from "react";

export function Panel() {
  const [open, setOpen] = useState(true);
  return (
    <div className="panel" hidden={!open}>
      <button onClick={() => setOpen(false)}>Close</button>
    </div>
  );
}
