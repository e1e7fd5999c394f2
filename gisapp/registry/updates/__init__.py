"""MPM, the district's own updating of the registry: from a registration to the next snapshot.

One module per step: ``registration`` (register, register_batch), ``queue`` (cases, case), ``matching`` (match),
``visits`` (put_on_list, visit), ``papers`` (write_visit_list, read_visit_list), ``meetings`` (deliberate, submit),
``decisions`` (approve, send_back, refuse), ``acceptance`` (accept), ``attachments`` (attach, open_attachment),
``coverage`` (where_to_look_first). What may follow what stands in ``states``.
"""
