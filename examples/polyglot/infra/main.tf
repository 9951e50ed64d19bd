resource "aws_s3_bucket" "reports" {
  bucket = "polyglot-reports"
  acl    = "public-read"
}

resource "aws_db_instance" "orders" {
  identifier          = "polyglot-orders"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "orders"
  storage_encrypted   = false
  publicly_accessible = true
}

resource "aws_security_group" "open" {
  name = "polyglot-open"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
