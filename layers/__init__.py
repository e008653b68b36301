"""What the functions stand on: recipes here, built layers in .build/layers/."""
