use super::*;

const AUTH: &str = "import jwt from 'jsonwebtoken';\nexport function auth(req, res, next) {\n  try { req.user = jwt.verify(req.headers.authorization, KEY); } catch { return res.status(401).end(); }\n  next();\n}\n\
                    export const role = (name) => (req, res, next) => (req.user.role === name ? next() : res.status(403).json({}));\n\
                    export function log(req, res, next) { console.log(req.url); next(); }\n";

#[test]
fn what_stands_before_a_route_is_what_was_put_there_before() {
    let app = "import express from 'express';\nimport { auth, role, log } from './auth';\nimport users from './users';\nconst app = express();\napp.use(log);\n\
               app.get('/open', (req, res) => res.json(1));\napp.use('/admin', auth);\napp.get('/admin/x', role('admin'), h);\napp.use('/users', auth, users);\napp.use(auth);\n\
               app.route('/b').get(h).post(role('b'), h);\napp.get('setting');\nfunction h(req, res) { res.json(1); }\n";
    let users = "import { Router } from 'express';\nconst router = Router();\nrouter.get('/:id', async (req, res) => { const { id } = req.params; res.json(await db.find(id)); });\n\
                 router.put('/:id', async (req, res) => res.json(await db.update(req.user.id, req.params.id, req.body)));\nexport default router;\n";
    let found = routes(&[("src/app.ts", app), ("src/auth.ts", AUTH), ("src/users.ts", users)]);
    assert_eq!(
        found,
        [
            "GET /admin/x known by auth, role role('admin')",
            "GET /b known by auth",
            "POST /b known by auth, role role('b')",
            "GET /open open",
            "GET /users/{id} known by auth, object by its name",
            "PUT /users/{id} known by auth, body unchecked, object scoped",
        ]
    );
}

#[test]
fn functions_classes_lists_and_chains_are_followed() {
    let app = "const express = require('express');\nconst { register } = require('./register');\nconst { auth } = require('./auth');\nclass Server {\n  constructor() { this.app = express(); this.setUp(); }\n\
               setUp() { this.app.use(auth); register(this.app); }\n}\nnew Server();\n";
    let register = "const { Router } = require('express');\nfunction register(app) {\n  const list = [{ path: '/one', route: one() }, { path: '/two', route: Router().get('/', h).get('/x', h) }];\n  app.get('/zero', h);\n}\n\
                    function one() { const r = Router(); r.get('/', h); return r; }\nconst table = [{ path: '/a', route: one() }];\nconst root = Router();\ntable.forEach((entry) => { root.use(entry.path, entry.route); });\n\
                    function h(req, res) { res.json(1); }\nmodule.exports = { register, root };\n";
    let found =
        routes(&[("src/app.js", app), ("src/register.js", register), ("src/auth.js", &AUTH.replace("export ", ""))]);
    assert_eq!(found, ["GET /zero unclear: what auth does could not be told"], "auth.js hands nothing on");
    let handed = format!(
        "{}\nmodule.exports = {{ auth }};\n",
        AUTH.replace("export ", "").replace("import jwt from 'jsonwebtoken'", "const jwt = require('jsonwebtoken')")
    );
    let mounted =
        app.replace("register(this.app);", "register(this.app); this.app.use('/r', require('./register').root);");
    let found = routes(&[("src/app.js", &mounted), ("src/register.js", register), ("src/auth.js", &handed)]);
    assert_eq!(found, ["GET /r/a known by auth", "GET /zero known by auth"]);
}

#[test]
fn what_all_methods_of_a_path_are_asked_by_stands_before_what_follows() {
    let app = "import express from 'express';\nimport { auth } from './auth';\nconst app = express();\napp.get('/admin/before', h);\napp.all('/admin/*', auth);\napp.get('/admin/x', h);\n\
               app.all('/any', (req, res) => res.json(1));\nfunction h(req, res) { res.json(1); }\n";
    assert_eq!(
        routes(&[("src/app.ts", app), ("src/auth.ts", AUTH)]),
        ["GET /admin/before open", "GET /admin/x known by auth", "ANY /any open"]
    );
}

#[test]
fn a_function_that_makes_a_router_may_be_called_twice() {
    let app = "import express from 'express';\nimport { make } from './make';\nconst app = express();\napp.use('/a', make());\napp.use('/b', make());\n";
    let make = "import { Router } from 'express';\nexport const make = () => { const r = Router(); r.get('/x', (req, res) => res.json(1)); return r; };\n";
    assert_eq!(routes(&[("src/app.ts", app), ("src/make.ts", make)]), ["GET /a/x open", "GET /b/x open"]);
}

#[test]
fn a_router_that_is_put_nowhere_is_told() {
    let lost = with(
        &[(
            "src/r.ts",
            "import { Router } from 'express';\nexport const r = Router();\nr.get('/x', (req, res) => res.json(1));\n",
        )],
        |program| table(program).lost.into_iter().map(|lost| (lost.what, lost.hides)).collect::<Vec<_>>(),
    );
    assert_eq!(lost, [("a router is put into no application that was found".to_owned(), true)]);
}

#[test]
fn a_middleware_that_cannot_refuse_is_no_guard() {
    let app = "import express from 'express';\nconst app = express();\napp.use((req, res, next) => { if (!req.headers.authorization) { console.warn(401); } next(); });\napp.get('/x', (req, res) => res.json(1));\n";
    assert_eq!(routes(&[("src/app.ts", app)]), ["GET /x open"]);
    let optional = "import express from 'express';\nimport { expressjwt } from 'express-jwt';\nconst app = express();\nconst maybe = expressjwt({ secret: k, credentialsRequired: false });\napp.get('/x', maybe, (req, res) => res.json(1));\n";
    assert_eq!(routes(&[("src/app.ts", optional)]), ["GET /x open"]);
    let required = optional.replace("credentialsRequired: false", "algorithms: ['HS256']");
    assert_eq!(routes(&[("src/app.ts", &required)]), ["GET /x known by maybe"]);
}
