"""From an atlas to a map: shapes once, values apart, and one page of Folium's that asks nobody else for anything."""
