{#- Lower case, with Latin letters reduced to ASCII; other scripts stay as they are. A fixed table instead of
    normalize(): decomposing tears Hangul, Japanese and Indic letters apart, and it is slow. Marks
    that follow a Latin letter, instead of being part of it, go as well. -#}
{% macro fold_latin(expression) -%}
    {#- Latin, fullwidth letters and digits, and white space of other kinds. -#}
    {%- set accented = [
        'àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũ',
        'ūŭůűųŵŷźżžſơưǎǐǒǔǖǘǚǜǟǡǧǩǫǭǰǵǹǻȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡ',
        'ḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕẖẗẘẙẛạảấầẩẫậ',
        'ắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ！＃＄％＆（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠［］',
        '＾＿ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～øłđıħŧðŋəĸƒɓɗƙƴɲǿ   　',
    ] | join -%}
    {%- set plain = [
        'aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttu',
        'uuuuuwyzzzsouaiouuuuuaagkoojgnaaaeeiioorruusthaeooooyabbbcdddddeeeeefg',
        'hhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuuuvvwwwwwxxyzzzhtwysaaaaaaa',
        'aaaaaeeeeeeeeiioooooooooooouuuuuuuyyyy!#$%&()*+,-./0123456789:;<=>?@[]',
        '^_abcdefghijklmnopqrstuvwxyz{|}~oldihtdnekfbdkyno    ',
    ] | join -%}
    if(
        regexp_contains({{ expression }}, r'[^\x00-\x7F]'),
        regexp_replace(
            replace(replace(replace(replace(
                translate(lower({{ expression }}), '{{ accented }}', '{{ plain }}'),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'
            ),
            r'([a-z])\p{Mn}+', r'\1'
        ),
        lower({{ expression }})
    )
{%- endmacro %}
