export default function Board({ children, panel }) {
  return (
    <main>
      {children}
      <aside>{panel}</aside>
    </main>
  );
}
