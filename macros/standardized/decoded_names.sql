{#- The names of an entity's records that hold encoded words of mail headers, such as =?UTF-8?Q?J=C3=B6rg?=, each once
    and decoded. UTF-8 is read, and ISO 8859-1 with the letters that Windows adds to it; a word of another
    character set, or a broken one, stays as it is. Spaces between two encoded words belong to neither. One pass, and no
    subquery per row: few names are encoded. -#}
{% macro decoded_names(entity) -%}
{%- set word = '(=\\?[^?\\s]+\\?[QqBb]\\?[^?]*\\?=)' -%}
with

records as (

    {{ given_by_sources(entity ~ '_records') }}

),

encoded_words as (

    select
        name,
        piece,
        piece_offset as piece_position,
        lower(regexp_extract(piece, r'^=\?([^?*\s]+)[^?\s]*\?[QqBb]\?[^?]*\?=$')) as charset,
        lower(regexp_extract(piece, r'^=\?[^?\s]+\?([QqBb])\?[^?]*\?=$')) as encoding,
        regexp_extract(piece, r'^=\?[^?\s]+\?[QqBb]\?([^?]*)\?=$') as content,
    from (
        select distinct name
        from records, unnest([{{ name_columns(entity) | join(', ') }}]) as name
        where strpos(name, '=?') > 0 and regexp_contains(name, r'{{ word }}')
    ), unnest(split(
        regexp_replace(
            regexp_replace(left(replace(name, '\n', ' '), 2000), r'\?=\s+=\?', '?==?'),
            r'{{ word }}',
            concat('\n', r'\1', '\n')
        ), '\n'
    )) as piece with offset as piece_offset

),

-- Two hexadecimal digits per byte. The first token is none: it keeps pieces without a byte.
encoded_bytes as (

    select
        encoded_words.name,
        encoded_words.piece_position,
        encoded_words.piece,
        encoded_words.charset,
        case
            when token = '' then null
            when length(token) = 1 then to_hex(cast(token as bytes))
            else lower(right(token, 2))
        end as byte,
        token_offset as byte_position,
    from encoded_words, unnest(array_concat([''], coalesce(regexp_extract_all(
        case
            when encoding = 'q' then replace(content, '_', ' ')
            -- Anything else is no base64, and would end the statement.
            when
                regexp_contains(content, r'^[A-Za-z0-9+/]+={0,2}$') and mod(length(content), 4) = 0
                then regexp_replace(to_hex(from_base64(content)), r'(..)', r'=\1')
        end, r'=[0-9A-Fa-f]{2}|[^\n]'
    ), []))) as token with offset as token_offset

),

-- As UTF-8 has them. A word of an unknown character set has none.
utf8_bytes as (

    select
        name,
        piece_position,
        piece,
        byte_position,
        case
            when charset in ('utf-8', 'utf8', 'us-ascii') then byte
            when charset not in ('iso-8859-1', 'iso-8859-15', 'latin1', 'windows-1252', 'cp1252') then null
            when byte = '8a' then 'c5a0'
            when byte = '8c' then 'c592'
            when byte = '8e' then 'c5bd'
            when byte = '9a' then 'c5a1'
            when byte = '9c' then 'c593'
            when byte = '9e' then 'c5be'
            when byte = '9f' then 'c5b8'
            when byte < '80' then byte
            when byte < 'c0' then concat('c2', byte)
            when byte < 'd0' then concat('c38', right(byte, 1))
            when byte < 'e0' then concat('c39', right(byte, 1))
            when byte < 'f0' then concat('c3a', right(byte, 1))
            else concat('c3b', right(byte, 1))
        end as utf8_byte,
    from encoded_bytes

),

joined_bytes as (

    select
        name,
        piece_position,
        any_value(piece) as piece,
        string_agg(utf8_byte, '' order by byte_position) as utf8_text,
    from utf8_bytes
    group by name, piece_position

),

decoded_pieces as (

    select
        name,
        piece_position,
        coalesce(safe_convert_bytes_to_string(from_hex(utf8_text)), piece) as decoded_piece,
    from joined_bytes

),

decoded_names as (

    select
        name,
        string_agg(decoded_piece, '' order by piece_position) as decoded_name,
    from decoded_pieces
    group by name

)

select * from decoded_names
{%- endmacro %}
