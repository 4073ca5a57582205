import "./wiki.css";

export default async function Wiki({ params }) {
  const { path } = await params;
  return <h1 className="wiki">{(path || ["start"]).join(" / ")}</h1>;
}
