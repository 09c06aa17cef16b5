from .readers import ListReading as ListReading
