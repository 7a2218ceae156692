"""What the views observe: QObjects and item models; they know no widget."""
