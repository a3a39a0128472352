"""What every page needs and no page's subject: knows Flask, knows no candidate and no film."""
