"""Form posts to any school's system: a map of fields, an encoding, and rules that read its answer.

``model`` is what staff write down; ``check`` says what is wrong with it; ``template`` and ``formats`` turn our fields
into their values; ``encode`` and ``request`` make the post. What was answered is read by ``carriers.answered`` and
``carriers.rules``. All of these are plain functions on plain data; ``keep`` alone stores.
"""
