"""Paper: what every chart is drawn on and with. No chart lives here."""
