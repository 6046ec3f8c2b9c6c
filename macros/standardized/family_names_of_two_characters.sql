{#- Regular expression of the Chinese and Korean family names that have two characters instead of one. -#}
{% macro family_names_of_two_characters() -%}
    {{ [
        '欧阳', '歐陽', '司马', '司馬', '上官', '诸葛', '諸葛', '东方', '東方', '夏侯', '皇甫', '尉迟', '尉遲', '公孙', '公孫',
        '慕容', '令狐', '长孙', '長孫', '宇文', '司徒', '南宫', '南宮', '西门', '西門', '独孤', '獨孤', '端木', '东郭', '東郭',
        '钟离', '鍾離', '轩辕', '軒轅', '남궁', '황보', '선우', '제갈', '사공', '독고', '동방',
    ] | join('|') }}
{%- endmacro %}
