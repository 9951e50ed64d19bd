const express = require('express');
const jwt = require('jsonwebtoken');
const cors = require('cors');

const app = express();
app.use(cors({ origin: '*' }));

app.get('/calculate', (request, response) => {
  response.send(String(eval(request.query.formula)));
});

app.get('/me', (request, response) => {
  const user = jwt.verify(request.headers.authorization, 'not-a-secret', { algorithms: ['none'] });
  response.json(user);
});

app.listen(3000);
