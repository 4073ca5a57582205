import "./global.css";
import { Badge } from "../parts/badge";
import { Clock } from "../parts/clock";

export const metadata = { title: "Tanks" };

export default function Root({ children }) {
  return (
    <html lang="en">
      <body>
        <Badge />
        <Clock />
        {children}
      </body>
    </html>
  );
}
