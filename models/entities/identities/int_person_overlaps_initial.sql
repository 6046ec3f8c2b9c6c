{{ overlaps_initial('person') }}
