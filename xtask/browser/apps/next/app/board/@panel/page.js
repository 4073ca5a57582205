import "./panel.css";
import { Panel } from "../../../parts/panel";

export default function PanelPage() {
  return <Panel />;
}
