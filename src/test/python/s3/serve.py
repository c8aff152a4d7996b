"""Serves a bucket of S3 at a free port of this machine, with signatures checked by AWS's own library, until its input ends.

Prints a line: address, bucket, access key, secret.
"""

import os
import sys
import urllib.request

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000"
for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[name] = "testing"

import boto3
from moto.server import ThreadedMotoServer

POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*",
 "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]}]}"""

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
address = "http://%s:%d" % server.get_host_and_port()
try:
    iam = boto3.client("iam", endpoint_url=address, region_name="eu-central-1")
    boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket="audit")
    iam.create_user(UserName="exporter")
    iam.put_user_policy(UserName="exporter", PolicyName="objects", PolicyDocument=POLICY)
    key = iam.create_access_key(UserName="exporter")["AccessKey"]
    # From here on each request needs a signature.
    text = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(address + "/moto-api/reset-auth", b"0", text, method="POST"))
    print(address, "audit", key["AccessKeyId"], key["SecretAccessKey"], flush=True)
    sys.stdin.read()
finally:
    server.stop()
