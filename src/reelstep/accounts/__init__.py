"""Who a user is to us: plan, companions, reputation, rate limits."""
