"""The studio's page on its way into the site bucket, on a laptop and on AWS."""
