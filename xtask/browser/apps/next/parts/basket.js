"use client";

import { useState } from "react";

export function Basket() {
  const [items, setItems] = useState([]);
  return <button onClick={() => setItems([...items, items.length])}>Basket of {items.length}</button>;
}
