"""What a programme played through the services has in common, in the demonstration and in a rehearsal."""
