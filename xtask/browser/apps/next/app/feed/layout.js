export default function Feed({ children, modal }) {
  return (
    <main>
      {children}
      {modal}
    </main>
  );
}
