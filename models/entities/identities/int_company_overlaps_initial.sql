{{ overlaps_initial('company') }}
