throw new InvalidOperationException("this firmware crashes before it does anything");
