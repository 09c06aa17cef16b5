from .find import CreditBlock as CreditBlock
from .find import extract_credits as extract_credits
