{#- A name in Cyrillic, Greek or Hangul letters, written in Latin ones; takes lower case. Latin letters and other
    scripts come back as they are. There are many ways to write a Russian name in English; where passports,
    newspapers and linguists differ, this takes the spelling that is at most one letter from most of them (Дмитрий:
    dmitriy, next to dmitrii, dmitry and dmitri). Letters of one language tell how others of the name are read. -#}
{% macro latin_letters(expression) -%}
    {#- Ukrainian and Belarusian read г and и in their own way, South Slavic names use one letter for a hiss. -#}
    {%- set cyrillic -%}
        case
            when regexp_contains({{ expression }}, r'[ґєіїў]|[сц]ьк') then translate({{ expression }}, 'гиґў', 'hygu')
            when regexp_contains({{ expression }}, r'[ђѓѕјљњћќџ]') then translate({{ expression }}, 'жхцчшћј', 'zhccscj')
            else {{ expression }}
        end
    {%- endset -%}
    {%- set cyrillic_groups = [
        ('yй', 'y'), ('ый', 'y'), ('ия', 'ia'), ('ія', 'ia'), ('ья', 'ia'), ('ъя', 'ia'), ('ье', 'ie'), ('ъе', 'ie'),
        ('ьє', 'ie'), ('ьё', 'ie'), ('ьо', 'io'), ('ью', 'iu'), ('ъю', 'iu'),
        ('є', 'ye'), ('ж', 'zh'), ('х', 'kh'), ('ц', 'ts'), ('ч', 'ch'), ('ш', 'sh'), ('щ', 'shch'), ('ю', 'yu'),
        ('я', 'ya'), ('ђ', 'dj'), ('ѓ', 'gj'), ('ѕ', 'dz'), ('љ', 'lj'), ('њ', 'nj'), ('ќ', 'kj'), ('џ', 'dz'),
    ] -%}
    {%- set greek -%}
        regexp_replace(
            translate({{ expression }}, 'άέήίόύώϊΐϋΰς', 'αεηιουωiiyyσ'),
            r'([αεη])υ([θκξπστφχψ])', r'\1f\2'
        )
    {%- endset -%}
    {%- set greek_groups = [
        ('ου', 'ou'), ('αυ', 'av'), ('ευ', 'ev'), ('ηυ', 'iv'), ('γγ', 'ng'), ('γξ', 'nx'), ('γχ', 'nch'),
        ('θ', 'th'), ('χ', 'ch'), ('ψ', 'ps'),
    ] -%}
    {%- set ns = namespace(cyrillic=cyrillic, greek=greek) -%}
    {%- for letters, latin in cyrillic_groups -%}
        {%- set ns.cyrillic = "replace(" ~ ns.cyrillic ~ ", '" ~ letters ~ "', '" ~ latin ~ "')" -%}
    {%- endfor -%}
    {%- for letters, latin in greek_groups -%}
        {%- set ns.greek = "replace(" ~ ns.greek ~ ", '" ~ letters ~ "', '" ~ latin ~ "')" -%}
    {%- endfor -%}
    case
        when not regexp_contains({{ expression }}, r'[Ͱ-ԯ가-힣]') then {{ expression }}
        when regexp_contains({{ expression }}, r'[가-힣]') then {{ hangul_in_latin(expression) }}
        when regexp_contains({{ expression }}, r'[Ͱ-Ͽ]')
            then translate(
                regexp_replace({{ ns.greek }}, r'(^| )μπ', r'\1b'),
                'αβγδεζηικλμνξοπρστυφω', 'avgdeziiklmnxoprstyfo'
            )
        -- The soft sign has no letter of its own and goes.
        else translate(
            {{ ns.cyrillic }},
            'абвгґғдеёзиіїйкқлмнңоөпрстуўұүфыэәһъћјь', 'abvgggdeeziiiykklmnnooprstuuuufyeahacj'
        )
    end
{%- endmacro %}
