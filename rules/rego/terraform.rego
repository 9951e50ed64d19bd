# Policies of ours on Terraform. They read a plan as `terraform show -json` writes it, and the files themselves
# as conftest's and opa's HCL parser gives them.
package bartizan.terraform

import rego.v1

required_tags := ["Environment", "Owner", "CostCenter", "Project"]

# Every resource as type, name, address and attributes, of a plan or of a file.
resources contains resource if {
	some change in input.resource_changes
	not "delete" in change.change.actions
	is_object(change.change.after)
	resource := {"type": change.type, "address": change.address, "values": change.change.after}
}

resources contains resource if {
	some type, named in input.resource
	some name, value in named
	some values in bodies(value)
	resource := {"type": type, "address": sprintf("%s.%s", [type, name]), "values": values}
}

# A block is an object or a list of objects, by the parser that has read it.
bodies(value) := [value] if is_object(value)

bodies(value) := [body | some body in value; is_object(body)] if is_array(value)

# The form in which conftest asks.
deny contains {"msg": finding.message, "rule": finding.rule, "severity": finding.severity, "resource": finding.resource} if {
	some finding in findings
}

findings contains finding if {
	some resource in resources
	resource.type in {"aws_s3_bucket", "aws_s3_bucket_acl"}
	resource.values.acl in {"public-read", "public-read-write", "website"}
	finding := {"rule": "public-bucket", "severity": "high", "resource": resource.address, "message": sprintf("%s can be read by everyone (acl %s)", [resource.address, resource.values.acl])}
}

findings contains finding if {
	some resource in resources
	resource.type == "aws_s3_bucket_public_access_block"
	some setting in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
	object.get(resource.values, setting, false) != true
	finding := {"rule": "public-bucket", "severity": "medium", "resource": resource.address, "message": sprintf("%s does not block public access (%s)", [resource.address, setting])}
}

findings contains finding if {
	some resource in resources
	resource.type == "google_storage_bucket_iam_member"
	resource.values.member in {"allUsers", "allAuthenticatedUsers"}
	finding := {"rule": "public-bucket", "severity": "high", "resource": resource.address, "message": sprintf("%s gives access to %s", [resource.address, resource.values.member])}
}

findings contains finding if {
	some resource in resources
	resource.type in {"aws_db_instance", "aws_rds_cluster"}
	object.get(resource.values, "storage_encrypted", false) != true
	finding := {"rule": "unencrypted-database", "severity": "high", "resource": resource.address, "message": sprintf("%s stores its data unencrypted", [resource.address])}
}

findings contains finding if {
	some resource in resources
	startswith(resource.type, "aws_")
	taggable(resource)
	tags := object.get(resource.values, "tags_all", object.get(resource.values, "tags", {}))
	missing := [tag | some tag in required_tags; not has_tag(tags, tag)]
	count(missing) > 0
	finding := {"rule": "missing-tags", "severity": "low", "resource": resource.address, "message": sprintf("%s lacks the tags %s", [resource.address, concat(", ", missing)])}
}

# Tags that are an expression are not known before the plan: they are taken for present.
has_tag(tags, _) if is_string(tags)

has_tag(tags, tag) if {
	is_object(tags)
	object.get(tags, tag, null) != null
}

taggable_types := {
	"aws_s3_bucket", "aws_db_instance", "aws_rds_cluster", "aws_instance", "aws_ebs_volume", "aws_vpc", "aws_subnet",
	"aws_security_group", "aws_lambda_function", "aws_dynamodb_table", "aws_eks_cluster", "aws_ecs_cluster", "aws_kms_key",
	"aws_sns_topic", "aws_sqs_queue", "aws_elasticache_cluster", "aws_efs_file_system", "aws_lb",
}

taggable(resource) if resource.type in taggable_types
