const app = require('express')();
app.get('/', (req, res) => res.send('ü' + eval(req.query.q)));
