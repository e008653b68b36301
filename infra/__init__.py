"""The CDK app: one stack that wires, one construct per concern."""
