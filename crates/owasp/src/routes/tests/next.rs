use super::*;

#[test]
fn handlers_ask_for_the_session_themselves_or_through_helpers_and_wrappers() {
    let files = [
        (
            "app/api/a/route.ts",
            "import { auth } from '@/auth';\nexport async function GET() {\n  const s = await auth();\n  if (!s) return new Response(null, { status: 401 });\n  return Response.json(1);\n}\nexport async function POST(req: Request) { return Response.json(await req.json()); }\n",
        ),
        (
            "app/api/(group)/b/[id]/route.ts",
            "import { getServerSession } from 'next-auth';\nimport { z } from 'zod';\nexport async function PATCH(req, { params }) {\n  const session = await getServerSession();\n  if (!session) { return new Response(null, { status: 403 }); }\n  const body = z.object({}).parse(await req.json());\n  return Response.json(await db.update({ id: params.id, user: session.user.id }));\n}\n",
        ),
        (
            "app/api/c/route.ts",
            "import { withAuth } from '@/lib/with';\nexport const GET = withAuth(async () => Response.json(1));\nexport const DELETE = unknown(async () => Response.json(1));\n",
        ),
        (
            "lib/with.ts",
            "import { getToken } from 'next-auth/jwt';\nexport function withAuth(handler) {\n  return async (req) => {\n    const token = await getToken({ req });\n    if (!token) return new Response(null, { status: 401 });\n    return handler(req);\n  };\n}\n",
        ),
        ("auth.ts", "import NextAuth from 'next-auth';\nexport const { handlers, auth } = NextAuth({});\n"),
        ("pages/api/old/[...all].ts", "export default function handler(req, res) { res.json(req.query); }\n"),
        ("app/page.tsx", "export default function Page() { return <p/>; }\n"),
        ("tsconfig.json", "{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./*\"]}}}"),
    ];
    assert_eq!(
        routes(&files),
        [
            "GET /api/a known by auth",
            "POST /api/a open, body unchecked",
            "PATCH /api/b/{id} known by getServerSession, body checked, object scoped",
            "DELETE /api/c unclear: what unknown does could not be told",
            "GET /api/c known by withAuth",
            "ANY /api/old/{all} open",
        ]
    );
}

#[test]
fn a_middleware_stands_before_what_its_matcher_covers() {
    let middleware = |matcher: &str| {
        format!(
            "import {{ getToken }} from 'next-auth/jwt';\nexport async function middleware(req) {{\n  const token = await getToken({{ req }});\n  if (!token) return NextResponse.redirect('/login');\n}}\nexport const config = {{ matcher: {matcher} }};\n"
        )
    };
    let route = "export async function GET() { return Response.json(1); }\n";
    for (matcher, expected) in [
        ("['/api/a/:path*']", ["GET /api/a known by middleware.ts", "GET /api/b open"]),
        ("'/api/b'", ["GET /api/a open", "GET /api/b known by middleware.ts"]),
        ("['/((?!api).*)']", ["GET /api/a open", "GET /api/b open"]),
    ] {
        let text = middleware(matcher);
        let files = [
            ("src/middleware.ts", text.as_str()),
            ("src/app/api/a/route.ts", route),
            ("src/app/api/b/route.ts", route),
        ];
        assert_eq!(routes(&files), expected, "{matcher}");
    }
}
